#compdef stagesetctl
# zsh completion for stagesetctl; in ~/.zshrc: source <(stagesetctl completion zsh)
_stagesetctl() {
  local -a answers candidates
  local answer directive
  answers=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for answer in "${answers[@]}"; do
    if [[ $answer == :* ]]; then
      directive=${answer#:}
    elif [[ $answer == *$'\t'* ]]; then
      candidates+=("${${answer%%$'\t'*}//:/\\:}:${answer#*$'\t'}")
    elif [[ -n $answer ]]; then
      candidates+=("${answer//:/\\:}")
    fi
  done
  (( ${#candidates} )) && _describe stagesetctl candidates
  [[ $directive == 0 ]] && _files
}
if [[ ${funcstack[1]} == _stagesetctl ]]; then _stagesetctl; else compdef _stagesetctl stagesetctl; fi
