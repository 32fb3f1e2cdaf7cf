internal import Glibc
internal import Synchronization

/// The address of what the terminal was set to before, 0 where there is nothing to restore; a signal handler must be
/// able to read it.
private let settingsBefore = Atomic<UInt>(0)

/// The signals that end a program: by a person, by the system, and by a fault of its own.
private let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

/// From now on ``restoreTerminal()`` and every signal that ends the program give the terminal back as it was.
func restoreAtEnd(_ settings: termios) {
  let kept = UnsafeMutablePointer<termios>.allocate(capacity: 1)
  kept.initialize(to: settings)
  settingsBefore.store(UInt(bitPattern: kept), ordering: .releasing)
  for signal in endings {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      restoreTerminal()
      // The second time the signal does what it does by itself.
      raise(signal)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
    sigaction(signal, &action, nil)
  }
}

/// Gives the terminal back as it was, once. Calls only what a signal handler may call; the memory is never freed, since
/// a signal may come at any time.
func restoreTerminal() {
  let address = settingsBefore.exchange(0, ordering: .acquiring)
  guard let settings = UnsafePointer<termios>(bitPattern: address) else { return }
  tcsetattr(0, TCSANOW, settings)
  let text: StaticString = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
  _ = write(1, text.utf8Start, text.utf8CodeUnitCount)
}
