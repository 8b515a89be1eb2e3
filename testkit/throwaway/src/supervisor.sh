# Runs one server: supervisor.sh FOLDER QUIT_SIGNAL PROGRAM [ARGUMENT…]
#
# Standard input is a pipe whose other end only the tests' process holds. However that process ends, the kernel closes
# the pipe, and then the server is stopped and its folder removed. (A parent-death signal would fire already when the
# thread that started the server ends, and every test has a thread of its own.)
#
# A line on standard input is `start`, `alive` or the name of a signal; each is answered by one line.
folder=$1 quit=$2
shift 2
trap '' PIPE

start() {
  "$@" >>"$folder/log" 2>&1 </dev/null &
  server=$!
}

# Postgres puts its backends into sessions of their own, so a signal to a process group would not reach them.
signal() {
  kill -s "$1" "$server" $(cat "/proc/$server/task/$server/children" 2>/dev/null) 2>/dev/null
}

start "$@"
while read -r order; do
  answer=done
  case $order in
    start) start "$@" ;;
    alive) kill -0 "$server" 2>/dev/null || answer=dead ;;
    KILL) signal KILL; wait "$server" 2>/dev/null ;;
    *) signal "$order" ;;
  esac
  echo "$answer"
done
signal CONT
kill -s "$quit" "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$folder"
