// Says who it is and stays until it is ended.
console.log(process.pid);
setInterval(() => {}, 60_000);
