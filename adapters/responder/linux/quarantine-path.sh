path=$1 identity=$2 target=$3

# With the time of birth, because a file system gives the number of a deleted file to the next one.
identity_of() { TZ=UTC0 stat -c '%d:%i %w' -- "$1" 2>/dev/null; }

# Home directories of people (service accounts keep their state in theirs): neither they nor what is above them.
refuse_homes() {
  { getent passwd 2>/dev/null || cat /etc/passwd; } >"$case_dir/accounts"
  while IFS=: read -r _ _ uid _ _ home _; do
    case $uid in '' | *[!0-9]*) continue ;; esac
    [ "$uid" -eq 0 ] || { [ "$uid" -ge 1000 ] && [ "$uid" -ne 65534 ]; } || continue
    case $home/ in "$path"/*) answer refused "it is the home directory of a person or holds one" ;; esac
    case $path in "${home%/}"/*) rest=${path#"${home%/}"/} ;; *) continue ;; esac
    case $rest in
      .config | .local | .local/share | .local/state | .cache | .ssh | .gnupg | .mozilla | Desktop | Documents | Downloads | Music | Pictures | Public | Videos)
        answer refused "it is a directory for all programs of a person, not the state of one"
        ;;
    esac
  done <"$case_dir/accounts"
  rm -f -- "$case_dir/accounts"
}

# The quarantine on the same file system, so that moving is renaming: nothing is copied, whatever the size.
choose_vault() {
  device=$(stat -c %d -- .)
  vault=$case_dir
  [ "$(stat -c %d -- "$case_dir")" = "$device" ] && return
  top=$parent
  while [ "$top" != / ] && [ "$(stat -c %d -- "$(dirname -- "$top")")" = "$device" ]; do top=$(dirname -- "$top"); done
  vault=${top%/}/.swarmcase-quarantine
  own_directory "$vault" && own_directory "$vault/$case_id" ||
    answer refused "no private quarantine directory can be made on the file system of the path"
  vault=$vault/$case_id
}

prepare() {
  enter_or_answer "$path"
  present || answer already_done "it is not there"
  [ ! -L "./$base" ] || answer refused "it is a symbolic link"
  [ -f "./$base" ] || [ -d "./$base" ] || answer refused "it is neither a file nor a directory"
  # On an overlay a regular file has another device number than its directory; a file that is a mount point cannot be moved anyway.
  [ -f "./$base" ] || [ "$(stat -c %d -- "./$base")" = "$(stat -c %d -- .)" ] ||
    answer refused "another file system is mounted there"
  refuse_homes
  choose_vault
  target=$(free_name "$vault" "$(printf '%s' "$path" | sum)") || answer refused "the quarantine is full of earlier moves"
  keep identity "$(identity_of "./$base")"
  keep target "$target"
  answer ready "it can be moved into quarantine without copying"
}

apply() {
  if ! enter_parent "$path" || ! present; then
    [ -e "$target" ] && answer ok "it is in quarantine"
    answer ok "it is not there any more"
  fi
  [ "$(identity_of "./$base")" = "$identity" ] || answer refused "something else lies at this path now"
  [ ! -L "./$base" ] || answer refused "it is a symbolic link now"
  printf '%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${target##*/}" "$(printf '%s' "$path" | encode)" \
    "$(stat -c 'type=%F mode=%a owner=%u:%g size=%s modified=%Y accessed=%X' -- "./$base")" >>"$case_dir/manifest"
  mv -n -T -- "./$base" "$target" 2>/dev/null
  present && answer failed "it cannot be moved"
  [ -e "$target" ] || answer failed "it was moved but did not arrive"
  answer ok "it is in quarantine"
}

verify() {
  enter_parent "$path" && present && answer not_ok "it is there again"
  answer ok "it is not at its place any more"
}

undo() {
  if [ ! -e "$target" ]; then
    enter_parent "$path" && present && answer ok "it is at its place"
    grep -q "	${target##*/}	" "$case_dir/manifest" 2>/dev/null && answer failed "it is neither in quarantine nor at its place"
    answer ok "it was never moved"
  fi
  enter_parent "$path" || answer failed "the directory it came from is gone or is reached through a symbolic link"
  present && answer failed "something new lies at its place"
  mv -n -T -- "$target" "./$base" 2>/dev/null
  [ ! -e "$target" ] && present || answer failed "it cannot be moved back"
  answer ok "it is at its place again"
}
