/**
 * What Flux's source-controller leaves out of every artifact, at any depth, without being told to: a folder that is
 * built in place of an artifact has to go without it too. A `.sourceignore` is not looked at.
 */
const folders: ReadonlySet<string> = new Set(['.git', '.github', '.circleci']);

const files: ReadonlySet<string> = new Set([
  // version control; `.git` is a file in a worktree
  '.git',
  '.gitignore',
  '.gitmodules',
  '.gitattributes',
  // continuous integration
  '.travis.yml',
  '.gitlab-ci.yml',
  'appveyor.yml',
  '.drone.yml',
  'cloudbuild.yaml',
  'codeship-services.yml',
  'codeship-steps.yml',
  // tools
  '.goreleaser.yml',
  '.goreleaser.brew.yml',
  '.sops.yaml',
  '.flux.yaml',
  '.golangci.yaml',
]);

export function isLeftOut(name: string, kind: 'file' | 'folder'): boolean {
  return (kind === 'folder' ? folders : files).has(name);
}
