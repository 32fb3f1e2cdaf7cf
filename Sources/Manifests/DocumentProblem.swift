package import StrictJSON

/// What is wrong with a file that a person wrote, and how to mend it.
package struct DocumentProblem: Error, Equatable {
  /// Path of the file.
  package let file: String
  /// Line in the file, from 1; 0 where the file as a whole is meant.
  package let line: Int
  /// Path of the key: `devices[2].serial`; empty where the file as a whole is meant.
  package let key: String
  /// What is wrong and what to do about it, without place and full stop.
  package let problem: String

  /// A problem with a key of a file.
  package init(file: String, line: Int, key: String, problem: String) {
    self.file = file
    self.line = line
    self.key = key
    self.problem = problem
  }

  /// A problem with a file as a whole.
  package init(file: String, problem: String) { self.init(file: file, line: 0, key: "", problem: problem) }

  /// A value that is not what its reader needs; `schema` is the file that says what belongs there.
  package init(file: String, _ mismatch: JSONMismatch, schema: String) {
    self.init(
      file: file, line: mismatch.line, key: mismatch.key,
      problem: (mismatch.key.isEmpty ? "the file " : "") + "\(mismatch.problem); see \(schema)")
  }

  /// A text that is not JSON.
  package init(file: String, _ error: JSONError) {
    self.init(
      file: file, line: error.line, key: "", problem: "column \(error.column): \(error.detail); correct the file there")
  }

  /// One plain sentence that names file, line, key and the fix.
  package var sentence: String {
    (line > 0 ? "\(file), line \(line): " : "\(file): ") + (key.isEmpty ? "" : "\"\(key)\" ") + "\(problem)."
  }
}
