"""What stands between the tty and the consumers: how each program is started, fed and asked."""

import json
import shutil
import socket

import kit

LINE = '{"seq":%S,"t":%N,"val":123.456}\\n'


class Pipeline:
    """A program that reads the tty at `kit.SCRATCH/tty` and serves consumers."""

    name = ""
    template = LINE
    source_options = []
    most_consumers = 1000

    def command(self):
        """The command line."""
        raise NotImplementedError

    def consumer_options(self):
        """How consumers connect, ask, and find the stamp of a line."""
        raise NotImplementedError

    def seconds_to_join(self, consumers):
        """How long after connecting the last consumer surely takes part."""
        return 0.2 + 0.003 * consumers

    def start(self):
        return kit.start(self.command())


class Thenar(Pipeline):
    """Hub, worker and the module for line boards; every line becomes one sample, a record holds one or more."""

    name = "thenar"
    # What is written in front of the numbers of the lines that a record comes from.
    key = '"raw":['
    first = b'"method":"measurement"'

    def __init__(self, program):
        self.program = program
        self.socket = kit.SCRATCH / "thenar.sock"
        self.request = '{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshot":false}}'

    def command(self):
        state = kit.BUILD / "state"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        device = {
            "name": "bench", "module": "line-profile", "path": str(kit.SCRATCH / "tty"),
            "settings": {"profile": json.loads(kit.PROFILE.read_text())},
        }
        configuration = kit.SCRATCH / "thenar.json"
        configuration.write_text(json.dumps({"devices": [device]}))
        return [self.program, "serve", "--config", configuration, "--socket", self.socket, "--state", state]

    def consumer_options(self):
        return ["--unix", self.socket, "--hello", self.request + "\\n", "--key", self.key, "--map", kit.SCRATCH / "map"]


class ThenarEvents(Thenar):
    """The same, with events in place of measurements."""

    name = "thenar events"
    template = LINE.replace('{"seq":', "E,")
    key = '"number":'
    first = b'"method":"event"'


class Reference(Pipeline):
    """refd, the kit's pipeline in C with a process per driver."""

    name = "refd"
    first = b'"dseq":'
    request = ""

    def __init__(self):
        self.socket = kit.SCRATCH / "refd.sock"

    def command(self):
        return [kit.tool("refd"), "--tty", "tty", "--listen", self.socket]

    def consumer_options(self):
        return ["--unix", self.socket, "--key", '"t":', "--sequence", '"dseq":']


class Gpsd(Pipeline):
    """gpsd: NMEA sentences to JSON over TCP. A counter in the altitude finds the stamp."""

    name = "gpsd"
    template = "$GPGGA,%T,%L,N,01131.00000,E,1,08,0.9,%A,M,46.9,M,,*%C\\r\\n"
    source_options = [
        "--preamble", "$GPRMC,000000.000,A,4807.00000,N,01131.00000,E,0.0,0.0,010126,,,A*%C\\r\\n",
    ]
    # It has 64 places.
    most_consumers = 60

    def command(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        tty = (kit.SCRATCH / "tty").readlink()
        return ["gpsd", "-N", "-n", "-b", "-D", "0", "-S", self.port, "-F", kit.SCRATCH / "gpsd.ctl", tty]

    def consumer_options(self):
        ask = '?WATCH={"enable":true,"json":true}\\n'
        return ["--tcp", f"127.0.0.1:{self.port}", "--hello", ask, "--key", '"altMSL":', "--map", kit.SCRATCH / "map"]

    def seconds_to_join(self, consumers):
        # Its queue for new connections holds five; the others try again after seconds.
        return 1.5 if consumers == 1 else 4.5 if consumers <= 10 else 14


class Direct(Pipeline):
    """No program at all: the one consumer reads the tty itself."""

    name = "floor"
    most_consumers = 1

    def start(self):
        return None

    def consumer_options(self):
        return ["--tty", kit.SCRATCH / "tty", "--key", '"t":', "--sequence", '"seq":']
