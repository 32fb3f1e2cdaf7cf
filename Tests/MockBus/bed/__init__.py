"""The parts of the mock bus: sysfs records, device nodes, the emulators' sockets, the control socket."""
