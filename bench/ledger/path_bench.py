#!/usr/bin/env python3
"""path_bench BUILD FACTS: facts through the real message path: a sender's window, a socket,
the sealed ledger, batches on the disk, acknowledgements."""
import array, json, os, shutil, socket, struct, subprocess, sys, tempfile, time

build, facts = sys.argv[1], int(sys.argv[2])
WINDOW = 1024
while os.dup(0) < 3:
    pass
base = tempfile.mkdtemp(prefix="hinoban-bench-", dir=os.environ.get("HINOBAN_BENCH_DIR"))
state = os.path.join(base, "state")
subprocess.run([os.path.join(build, "bench/ledger/ledger-make"), state], check=True)
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
proc = subprocess.Popen([os.path.join(build, "hinoban-ledger"), "--state", state], pass_fds=(3,),
                        preexec_fn=lambda: os.dup2(theirs.fileno(), 3))
theirs.close()
sock, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
ours.sendmsg([struct.pack("=IIQ", 1, 0, 0) + b'{"name":"command"}'],
             [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [other.fileno()]))])
other.close()
sock.send(struct.pack("=IIQ", 5, 0, 0) + b'{"role":"command","sender":"bench"}')
sock.recv(1 << 16)
frames = []
for i in range(1, facts + 1):
    h = "%064x" % (i * 0x9e3779b97f4a7c15)
    frames.append(struct.pack("=IIQ", 7, 0, i) + (
        '{"content":{"features":{"calls":%d,"tokens":%d},"kind":"php"},"kind":"sighting",'
        '"path":"app/module%d/class%d/file%d.php","present":{"class":"file","gid":33,"hash":"%s",'
        '"mode":"0644","mtime":"2026-11-24T04:05:06.000007Z","sig":"801.%x.18a3b4c5d6e7f801.'
        '18a3b4c5d6e7f901","size":%d,"uid":33},"role":"code","root":"/srv/shop",'
        '"type":"file.baseline"}' % (i % 90, i % 900, i // 5000, i // 50 % 100, i, h, i + 1000,
                                      1000 + i % 5000)).encode())
start = time.monotonic()
sent = acked = 0
while acked < facts:
    while sent < facts and sent - acked < WINDOW:
        sock.send(frames[sent])
        sent += 1
    acked += json.loads(sock.recv(1 << 16)[16:]).get("n", 1)
took = time.monotonic() - start
print("through the message path: %.0f facts/s acknowledged (one sender, window %d, Python)"
      % (facts / took, WINDOW))
ours.send(struct.pack("=IIQ", 4, 0, 0))
proc.wait()
shutil.rmtree(base)
