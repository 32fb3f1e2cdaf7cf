internal import WorkerLink

/// Why a worker's work ends.
enum Ending: Error, Equatable {
  /// Nobody reads the link any more.
  case hubGone
  /// What the last message to the hub says.
  case closed(CloseReason, code: String, sentence: String)
}
