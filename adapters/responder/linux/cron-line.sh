path=$1 entry=$2 copy=$3

# Compared as text: awk would take 1.0 and 1 for the same number.
entries() { ENTRY=$entry awk '($0 "") == (ENVIRON["ENTRY"] "") { n++ } END { print n + 0 }' "./$base"; }
without_entry() { ENTRY=$entry awk '($0 "") != (ENVIRON["ENTRY"] "")' "$1"; }

# Puts a changed crontab in the place of the old one at once. cron passes over names that begin with a dot.
# $1 has the owner and mode to keep, standard input the new text.
replace_with() {
  new=./.swarmcase-$$
  cp -p -- "$1" "$new" && cat >"$new" && mv -f -T -- "$new" "./$base" && return
  rm -f -- "$new"
  answer failed "the crontab cannot be written"
}

prepare() {
  enter_or_answer "$path"
  present || answer already_done "the crontab is not there"
  [ -f "./$base" ] && [ ! -L "./$base" ] || answer refused "the crontab is not a plain file"
  case $(entries) in
    0) answer already_done "the line is not in the crontab" ;;
    1) ;;
    *) answer refused "the line stands in the crontab more than once" ;;
  esac
  copy=$(free_name "$case_dir" "$(printf '%s\n%s' "$path" "$entry" | sum).crontab") ||
    answer refused "the quarantine is full of earlier copies"
  keep copy "$copy"
  answer ready "the line stands in the crontab once"
}

apply() {
  enter_parent "$path" && [ -f "./$base" ] && [ ! -L "./$base" ] || answer ok "the crontab is not there any more"
  case $(entries) in
    0) answer ok "the line is not in the crontab" ;;
    1) ;;
    *) answer refused "the line stands in the crontab more than once" ;;
  esac
  cp -p -- "./$base" "$copy" || answer failed "the crontab cannot be copied into quarantine"
  without_entry "$copy" | replace_with "./$base"
  [ "$(entries)" = 0 ] || answer failed "the line is still in the crontab"
  answer ok "the line was taken out of the crontab"
}

verify() {
  enter_parent "$path" && [ -f "./$base" ] && [ "$(entries)" != 0 ] && answer not_ok "the line is in the crontab"
  answer ok "the line is not in the crontab"
}

undo() {
  enter_parent "$path" || answer failed "the directory of the crontab is gone or is reached through a symbolic link"
  [ ! -L "./$base" ] || answer failed "the crontab is a symbolic link now"
  [ -f "./$base" ] && [ "$(entries)" != 0 ] && answer ok "the line is in the crontab"
  [ -f "$copy" ] || answer failed "there is no copy of the crontab in quarantine"
  if [ ! -f "./$base" ] || [ "$(sum <"./$base")" = "$(without_entry "$copy" | sum)" ]; then
    replace_with "$copy" <"$copy"
  else
    # Somebody changed other lines in the meantime: those stay.
    { awk 1 "./$base"; printf '%s\n' "$entry"; } | replace_with "./$base"
  fi
  [ "$(entries)" != 0 ] || answer failed "the line is not in the crontab again"
  answer ok "the line is in the crontab again"
}
