// Each hands the words over as they are, without eval: what somebody has typed so far is never run.

const bash = `# bash completion of forge-resume
_forge_resume() {
  local line word words=()
  # Bash makes words of their own of = in --option=value.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == = ]] || words+=("$word")
  done
  [[ \${COMP_WORDS[COMP_CWORD]} == = ]] && words+=("")
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(command forge-resume completion bash -- "\${words[@]}" 2>/dev/null)
}
complete -F _forge_resume forge-resume
`;

const zsh = `#compdef forge-resume
# zsh completion of forge-resume
_forge_resume() {
  local line
  local -a described
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compset -P '--*='
      _files
      return
    fi
    described+=("\${\${line//:/\\\\:}/$'\\t'/:}")
  done < <(command forge-resume completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe forge-resume described
}
if [[ $funcstack[1] == _forge_resume ]]; then
  _forge_resume "$@"
else
  compdef _forge_resume forge-resume
fi
`;

const fish = `# fish completion of forge-resume
function __forge_resume_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test -n "$current"; or set current ''
    set -l lines (command forge-resume completion fish -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path "$current"
    else
        printf '%s\\n' $lines
    end
end
complete -c forge-resume -f -a '(__forge_resume_complete)'
`;

/** What a shell has to read once, so that it asks us. */
export const scripts = { bash, zsh, fish } as const;
