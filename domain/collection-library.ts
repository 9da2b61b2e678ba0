/**
 * POSIX sh functions that the commands of `catalog/artifacts/linux/` may use. They exist so that no name chosen by a
 * hostile user can forge a line: whatever is read becomes one record per line, fields separated by tabs, and newlines and
 * tabs inside names travel as the bytes 1 and 2 (see `decodeName` in `facts/records.ts`).
 *
 *   note WORD DETAIL      `#note WORD DETAIL`: what could not be read (denied, timeout, limit, absent) or how it was read (source)
 *   homes                 one `USER HOME` line per home directory that a person or a service may own
 *   lines USER FILE...    `L USER PATH NUMBER TEXT` per line of each readable regular file, at most 2000 lines of 4000 bytes
 *   files FIND-ARGUMENTS  `F MODE OWNER SIZE MTIME PATH` per hit, at most 20000
 *
 * `$SC_SECONDS` is the artifact's time limit, counted from `$SC_BEGAN`; `$SC_GNU_FIND` is set where find knows -printf;
 * `$SC_OWN` are the collector's own process ids.
 */
export const LINUX_LIBRARY = String.raw`
TAB='	'
NL='
'
clean() {
  case $1 in
  *[[:cntrl:]]*) printf '%s' "$1" | tr '\n\t' '\001\002' ;;
  *) printf '%s' "$1" ;;
  esac
}
note() { printf '#note\t%s\t%s\n' "$1" "$(clean "$2")"; }
have() { command -v "$1" >/dev/null 2>&1; }
homes() {
  {
    if have getent; then getent passwd; else cat /etc/passwd; fi
    for sc_h in /home/*; do [ -d "$sc_h" ] && printf '%s:::::%s\n' "$(stat -c %U "$sc_h")" "$(clean "$sc_h")"; done
  } | awk -F: '$6 ~ /^\/./ && $6 !~ /^\/(bin|sbin|usr|dev|proc|sys|run|nonexistent|etc)(\/|$)/ && !seen[$6]++ { print $1 "\t" $6 }'
}
lines() {
  sc_user=$1
  shift
  for sc_f do
    shift
    [ -f "$sc_f" ] || continue
    if [ -r "$sc_f" ]; then set -- "$@" "$sc_f"; else note denied "$sc_f"; fi
  done
  [ $# -gt 0 ] || return 0
  SC_USER=$sc_user awk 'BEGIN {
    for (i = 1; i < ARGC; i++) {
      shown = ARGV[i]; gsub(/\n/, "\001", shown); gsub(/\t/, "\002", shown); n = 0
      while ((getline text < ARGV[i]) > 0 && ++n <= 2000) print "L\t" ENVIRON["SC_USER"] "\t" shown "\t" n "\t" substr(text, 1, 4000)
      if (n > 2000) print "#note\tlimit\t" shown
      close(ARGV[i])
    }
  }' "$@"
}
limited() { if have timeout; then timeout "$@"; else shift; "$@"; fi; }
files() {
  sc_left=$(($SC_SECONDS - 2 - ($(date +%s) - $SC_BEGAN)))
  [ "$sc_left" -ge 1 ] || { note timeout "$1"; return 0; }
  {
    if [ -n "$SC_GNU_FIND" ]; then
      limited "$sc_left" find "$@" -printf 'F\t%m\t%u\t%s\t%T@\t%p\0'
    else
      limited "$sc_left" find "$@" -exec sh -c 'for f do printf "F\t%s\t%s\0" "$(stat -c "%a	%U	%s	%Y" "$f")" "$f"; done' sh {} +
    fi
    case $? in 124 | 137 | 143) printf '#note\ttimeout\t%s\0' "$1" ;; esac
  } | tr '\000\n' '\n\001' | awk 'NR <= 20000 { print } NR == 20001 { print "#note\tlimit\tmore than 20000 files"; exit }'
}
`;
