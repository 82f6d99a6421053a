#!/usr/bin/env bash
# slurm.sh - a throw-away Slurm cluster on one machine, for the tests of windfall cluster.
#
#   slurm.sh start    1 slurmctld + N slurmd (default 2) + a private munged
#   slurm.sh status   exit 0 when the controller answers and all nodes are up
#   slurm.sh stop     ends the processes that `start` recorded, nothing else
#   slurm.sh env      prints the line to eval: export SLURM_CONF=...
#   slurm.sh install  installs the packages, and starts nothing
#   slurm.sh logs     prints the tail of every daemon's log
#
# Needs only Debian packages (installed by `start` when missing): slurm-wlm munge.
# Run as root. No systemd, no cgroups, no database; everything binds to 127.0.0.1
# and lives under one folder, so /etc/slurm and /etc/munge are never touched.
#
# Settings (environment):
#   WINDFALL_SLURM_DIR    state folder              (default /var/tmp/windfall-slurm)
#   WINDFALL_SLURM_NODES  compute daemons           (default 2)
#   WINDFALL_SLURM_CPUS   CPUs each one advertises  (default: cores / nodes, at least 1)
#   WINDFALL_SLURM_PORT   controller port; the compute daemons take the ports after it
#                                              (default 26817)
set -euo pipefail

DIR=${WINDFALL_SLURM_DIR:-/var/tmp/windfall-slurm}
NODES=${WINDFALL_SLURM_NODES:-2}
PORT=${WINDFALL_SLURM_PORT:-26817}
CORES=$(nproc)
CPUS=${WINDFALL_SLURM_CPUS:-$(( CORES / NODES > 0 ? CORES / NODES : 1 ))}
export SLURM_CONF="$DIR/slurm.conf"
export PATH="$PATH:/usr/sbin:/sbin"
# A job's own SLURM_*/SBATCH_* settings must not leak into the daemons.
while IFS= read -r v; do
  case $v in SLURM_CONF|WINDFALL_SLURM_*) ;; *) unset "$v" ;; esac
done < <(compgen -v | grep -E '^(SLURM|SBATCH|SRUN|SALLOC)_' || true)

say() { printf 'slurm: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

case $NODES in ''|*[!0-9]*|0) die "WINDFALL_SLURM_NODES must be a positive number" ;; esac
case $CPUS  in ''|*[!0-9]*|0) die "WINDFALL_SLURM_CPUS must be a positive number" ;; esac
case $PORT  in ''|*[!0-9]*|0) die "WINDFALL_SLURM_PORT must be a port number" ;; esac
case $DIR   in /*) ;; *) die "WINDFALL_SLURM_DIR must be an absolute path" ;; esac

# --- process records -------------------------------------------------------
# A record is a file "PID STARTTIME": the start time (field 22 of /proc/PID/stat)
# guards against a pid that was reused by some other process since.
started_at() { # pid -> start time, or nothing when the pid is gone or a zombie
  local st
  { st=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  st=${st##*) }                     # drop "pid (comm) ": state is now field 1
  set -- $st
  if [ "$1" != Z ]; then printf '%s' "${20}"; fi
}
record() { printf '%s %s\n' "$2" "$(started_at "$2")" > "$DIR/run/$1.rec"; }
alive() { # name -> prints the pid when the recorded process still runs
  local pid t
  [ -s "$DIR/run/$1.rec" ] || return 1
  read -r pid t < "$DIR/run/$1.rec"
  [ -n "$t" ] && [ "$(started_at "$pid")" = "$t" ] || return 1
  printf '%s' "$pid"
}
spawn() { # name cmd... : start in its own session, output to a log, remember the pid
  local name=$1; shift
  setsid "$@" </dev/null >>"$DIR/log/$name.log" 2>&1 &
  local pid=$!
  disown "$pid" 2>/dev/null || true
  local i; for i in $(seq 50); do [ -n "$(started_at "$pid")" ] && break; sleep 0.02; done
  record "$name" "$pid"
}
end() { # name : TERM, wait up to 10 s, then KILL; only the recorded process
  local name=$1 pid i
  if pid=$(alive "$name"); then
    kill -TERM "$pid" 2>/dev/null || true
    for i in $(seq 100); do alive "$name" >/dev/null || break; sleep 0.1; done
    if pid=$(alive "$name"); then say "$name ($pid) ignores TERM"; kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$DIR/run/$name.rec"
}
names() { local i; for i in $(seq "$NODES"); do printf 'node%s\n' "$i"; done; }
recorded_nodes() { # every node daemon on record, also from a start with more nodes
  local f; for f in "$DIR"/run/node*.rec; do [ -e "$f" ] && basename "$f" .rec; done; return 0
}

# --- set-up ----------------------------------------------------------------
need_packages() {
  command -v slurmctld >/dev/null && command -v slurmd >/dev/null &&
    command -v munged >/dev/null && command -v sbatch >/dev/null && return 0
  say "installing slurm-wlm and munge"
  local opt=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  # The packages may try to start their own daemons; a test has no use for those.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; made=1; fi
  { apt-get "${opt[@]}" install slurm-wlm munge ||
    { apt-get -q update && apt-get "${opt[@]}" install slurm-wlm munge; }; } >&2 ||
    { [ -z "$made" ] || rm -f "$policy"; die "could not install slurm-wlm and munge"; }
  [ -z "$made" ] || rm -f "$policy"
}

write_config() {
  local host; host=$(hostname -s 2>/dev/null || cat /proc/sys/kernel/hostname)
  host=${host%%.*}
  local mem; mem=$(awk '/^MemTotal:/ {print int($2/1024)}' /proc/meminfo)
  cat > "$SLURM_CONF" <<CONF
# Written by slurm.sh at every start; edits are lost.
ClusterName=windfall
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$PORT
# Bind to the addresses named here instead of to every interface.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# cred_expire is also how long a requeued task waits (Slurm's default: 120 s).
AuthInfo=socket=$DIR/run/munge.socket,cred_expire=10
CredType=cred/munge
StateSaveLocation=$DIR/state
SlurmdSpoolDir=$DIR/spool/%n
SlurmctldPidFile=$DIR/run/slurmctld.pid
SlurmdPidFile=$DIR/run/%n.pid
SlurmctldDebug=info
SlurmdDebug=info
# No cgroups and no systemd: follow a job's processes through /proc.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
# One line for each finished job, since there is no database for sacct to ask.
JobCompType=jobcomp/filetxt
JobCompLoc=$DIR/log/jobs.txt
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=10000
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# Advertise CPUS for each daemon, whatever the hardware has.
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=30
InactiveLimit=0
MinJobAge=3600
KillWait=5
MaxArraySize=10001
MaxJobCount=20000
NodeName=node[1-$NODES] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((PORT+1))-$((PORT+NODES))] CPUs=$CPUS RealMemory=$mem State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  # Slurm wants a plain number, not a range of one.
  if [ "$NODES" = 1 ]; then
    sed -i -e 's/node\[1-1\]/node1/' -e "s/Port=\[\([0-9]*\)-[0-9]*\]/Port=\1/" "$SLURM_CONF"
  fi
}

check_ports() { # a clear word before three daemons fail in their own ways
  local p
  for p in $(seq "$PORT" $((PORT + NODES))); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then
      die "port $p is taken by another program; set WINDFALL_SLURM_PORT"
    fi
  done
}

up() { # exit 0 when the controller answers and every node is idle, mixed or allocated
  local n
  n=$(timeout 10 sinfo -h -N -o '%N %T' 2>/dev/null | awk '$2 ~ /^(idle|mixed|allocated|completing)$/' | sort -u | wc -l)
  [ "$n" -ge "$NODES" ]
}

# --- commands --------------------------------------------------------------
start() {
  [ "$(id -u)" = 0 ] || die "start needs root"
  need_packages
  mkdir -p "$DIR" && chmod 755 "$DIR"
  exec 9>"$DIR/lock"; flock -w 60 9 || die "another start or stop is under way"
  mkdir -p "$DIR"/{run,log,state,spool,key}; chmod 755 "$DIR"/{run,log,state,spool}; chmod 700 "$DIR/key"
  local running=1 n
  alive munged >/dev/null && alive slurmctld >/dev/null || running=0
  for n in $(names); do alive "$n" >/dev/null || running=0; done
  if [ "$running" = 1 ] && [ -s "$SLURM_CONF" ] && up; then say "already running"; return 0; fi
  stop_all                       # a half-dead cluster: begin again from nothing
  check_ports
  rm -rf "$DIR/state" "$DIR/spool"; mkdir -p "$DIR/state"
  for n in $(names); do mkdir -p "$DIR/spool/$n"; done
  write_config
  # A key of our own: tickets from a system munged mean nothing here, nor ours there.
  if [ ! -s "$DIR/key/munge.key" ]; then
    (umask 077; head -c 1024 /dev/urandom > "$DIR/key/munge.key")
  fi
  chmod 600 "$DIR/key/munge.key"; chown -R root:root "$DIR/key" "$DIR/run"
  spawn munged munged --foreground --key-file="$DIR/key/munge.key" --socket="$DIR/run/munge.socket" \
    --pid-file="$DIR/run/munged.pid" --seed-file="$DIR/key/munge.seed" --num-threads=2 9>&-
  local i
  for i in $(seq 100); do
    munge -n --socket="$DIR/run/munge.socket" >/dev/null 2>&1 && break
    alive munged >/dev/null || { tail -5 "$DIR/log/munged.log" >&2; die "munged did not start"; }
    sleep 0.1
  done
  spawn slurmctld slurmctld -D -c -f "$SLURM_CONF" 9>&-
  for n in $(names); do spawn "$n" slurmd -D -N "$n" -f "$SLURM_CONF" 9>&-; done
  for i in $(seq 300); do
    if up; then say "up: $NODES nodes with $CPUS CPU each; eval \"\$($0 env)\" and use sbatch"; return 0; fi
    alive slurmctld >/dev/null || { tail -5 "$DIR/log/slurmctld.log" >&2; stop_all; die "slurmctld did not stay up"; }
    for n in $(names); do
      alive "$n" >/dev/null || { tail -5 "$DIR/log/$n.log" >&2; stop_all; die "slurmd $n did not stay up"; }
    done
    sleep 0.1
  done
  logs >&2; stop_all; die "the nodes did not come up within 30 s"
}

stop_all() {
  local n
  if alive slurmctld >/dev/null; then   # let running jobs end with their nodes still there
    timeout 10 scancel --quiet --state=PENDING 2>/dev/null || true
    timeout 10 scancel --quiet --state=RUNNING 2>/dev/null || true
    local i; for i in $(seq 30); do
      [ -z "$(timeout 5 squeue -h 2>/dev/null)" ] && break; sleep 0.2
    done
  fi
  for n in $(recorded_nodes); do end "$n"; done
  end slurmctld
  end munged
}

stop() {
  [ -d "$DIR" ] || { say "nothing to stop"; return 0; }
  exec 9>"$DIR/lock"; flock -w 60 9 || die "another start or stop is under way"
  stop_all
  say "stopped"
}

status() {
  local n pid bad=0
  for n in munged slurmctld $(names); do
    if pid=$(alive "$n"); then printf '%-10s running (pid %s)\n' "$n" "$pid"
    else printf '%-10s not running\n' "$n"; bad=1; fi
  done
  if [ "$bad" = 0 ]; then
    timeout 10 sinfo -N -o '%N %c %T' || bad=1
    up || bad=1
  fi
  return "$bad"
}

logs() { local f; for f in "$DIR"/log/*.log; do [ -e "$f" ] || continue; echo "== $(basename "$f")"; tail -n 15 "$f"; done; }

case ${1:-} in
  start) start ;;
  stop) stop ;;
  install) [ "$(id -u)" = 0 ] || die "install needs root"; need_packages ;;
  status) status ;;
  env) printf 'export SLURM_CONF=%q\n' "$SLURM_CONF" ;;
  logs) logs ;;
  *) sed -n '2,10p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
