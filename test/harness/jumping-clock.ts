// Loaded into a controller before its own code: at a signal its calendar jumps, while what passes goes on passing.
const hourMs = 3_600_000;
const now = Date.now;
let offsetMs = 0;

process.on('SIGUSR2', () => {
  offsetMs += 2 * hourMs;
});
process.on('SIGWINCH', () => {
  offsetMs -= 4 * hourMs;
});

Date.now = () => now() + offsetMs;
