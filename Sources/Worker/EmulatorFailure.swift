/// Why an emulator cannot run.
package struct EmulatorFailure: Error, Equatable {
  /// One plain sentence that names the thing and the fix.
  package var sentence: String
}
