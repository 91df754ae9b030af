# bash completion for stagesetctl; in ~/.bashrc: source <(stagesetctl completion bash)
__stagesetctl_complete() {
  local line=${COMP_LINE:0:COMP_POINT} words current broken kept answer directive
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[-1]}
  COMPREPLY=()
  # bash takes what stands behind the last = or : for the word, and replaces no more than that.
  broken=${current##*[=:]}
  kept=${current%"$broken"}
  while IFS= read -r answer; do
    if [[ $answer == :* ]]; then
      directive=${answer#:}
    else
      answer=${answer%%$'\t'*}
      COMPREPLY+=("${answer#"$kept"}")
    fi
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  if [[ $directive == 0 ]]; then compopt -o default -o bashdefault 2>/dev/null; fi
}
complete -F __stagesetctl_complete stagesetctl
