"""Runs hinoban-reader and speaks with it as a neighbour does (wall/msg.h)."""
import array, json, os, re, socket, struct

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def message_types():
    text = open(os.path.join(SOURCE, 'src/wall/msg.h')).read()
    names = re.findall(r'\bMSG_(\w+)', re.search(r'enum msg_type \{(.*?)\};', text, re.S).group(1))
    return {name: i + 1 for i, name in enumerate(names)}


TYPE = message_types()


class Gone(Exception):
    """The reader ended; args[0] is its wait status."""


class Reader:
    def __init__(self, build):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.keeper = ours
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(theirs.fileno(), 3)
            os.closerange(4, 64)
            os.execv(os.path.join(build, 'hinoban-reader'), ['hinoban-reader'])
        theirs.close()
        assert self.receive(self.keeper)[0] == TYPE['READY']
        self.sock, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 19)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 19)
        self.send(self.keeper, 'PEER', b'{"name":"test"}', [end.fileno()])
        end.close()
        self.id = 0

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.sock.close()
        self.keeper.close()
        if self.pid:
            os.waitpid(self.pid, 0)

    def send(self, sock, kind, body, fds=(), id=0):
        extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))] if fds else []
        sock.sendmsg([struct.pack('=IIQ', TYPE[kind], 0, id), body], extra)

    def receive(self, sock):
        frame = sock.recv(1 << 18)
        if not frame:
            status = os.waitpid(self.pid, 0)[1]
            self.pid = 0
            raise Gone(status)
        kind, _, id = struct.unpack('=IIQ', frame[:16])
        return kind, id, frame[16:]

    def ask(self, kind, answer, request, fds):
        self.id += 1
        body = request if isinstance(request, bytes) else json.dumps(request, sort_keys=True).encode()
        self.send(self.sock, kind, body, fds, self.id)
        got, id, body = self.receive(self.sock)
        assert (got, id) == (TYPE[answer], self.id), (got, id)
        return json.loads(body)

    def look(self, path, name=None, kind='LOOK', **more):
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return self.ask(kind, 'LOOKED', {'path': name or path, 'role': 'code', **more}, [fd])
        finally:
            os.close(fd)

    def diff(self, before, after, context=3, packed=0):
        fds = [os.memfd_create(name) for name in ('before', 'after', 'out')]
        os.write(fds[0], before)
        os.write(fds[1], after)
        request = {'before': 'a', 'after': 'b', 'context': context, 'packed': packed}
        answer = self.ask('DIFF', 'DIFFED', request, fds)
        size = os.fstat(fds[2]).st_size
        text = os.pread(fds[2], size, 0) if size else b''
        for fd in fds:
            os.close(fd)
        return answer, text
