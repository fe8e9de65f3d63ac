# Says which share of the customers the new shop gets, or sets it: sh share.sh data/production/splitter [WEIGHT]
# What a router of kind "command" runs at every look. The shell itself does nearly all of it: also on a busy machine that takes a few milliseconds.
folder=$1
weight=$2

fail() {
  echo "$folder: expected $1" >&2
  exit 1
}

read -r splitter 2>/dev/null <"$folder/splitter.pid" && kill -0 "$splitter" 2>/dev/null || fail 'a splitter that runs, got none'
if [ -n "$weight" ]; then
  printf '%s\n' "$weight" >"$folder/share.new" && mv "$folder/share.new" "$folder/share" || fail "to write $folder/share"
fi
tries=0
while read -r share <"$folder/share.json"; do
  case $share in
  *"\"weight\":$weight"*) break ;;
  esac
  tries=$((tries + 1))
  [ "$tries" -le 60 ] || fail "the splitter to take $weight, got $share"
  sleep 0.05
done
printf '%s\n' "$share"
