# Sourced by the scripts that run recorded traces.

# The target of a trace, by what its name says it holds.
target() {
  case $1 in
  *calls*) echo 600s ;;
  *turns*) echo 60s ;;
  files*) echo 1s ;;
  jobs*) echo 3600s ;;
  *requests*) echo 600s ;;
  *) echo 60s ;;
  esac
}
