/// Why there is no new driver.
package enum DriverTemplateFailure: Error, Equatable {
  /// It can be no module's id.
  case id(String)
  /// Its target would be called as one of those that it needs.
  case taken(String)
  /// There is no package at a path.
  case noCheckout(String)

  /// A plain sentence with the way out.
  package var sentence: String {
    switch self {
    case .id(let id):
      "\"\(id)\" can be no module's id: take 2 to 32 small letters and digits, words joined by \"-\", such as pinch-gauge."
    case .taken(let id): "A module \"\(id)\" would have the name of a part that it needs: take another id."
    case .noCheckout(let path):
      "\(path) is no checkout of Thenar, it has no Package.swift: name one with --thenar, or the URL of a repository."
    }
  }
}
