# fish completion for stagesetctl; in config.fish: stagesetctl completion fish | source
function __stagesetctl_complete
  set -l words (commandline -opc)
  set -l program $words[1]
  set -e words[1]
  set -l current (commandline -ct)
  for answer in ($program __complete $words "$current" 2>/dev/null)
    if test "$answer" = :0
      __fish_complete_path "$current"
    else if not string match -q ':*' -- "$answer"
      echo "$answer"
    end
  end
end
complete -c stagesetctl -f -a '(__stagesetctl_complete)'
