package import StrictJSON

/// Which subscription is to end: the parameters of `unsubscribe`, and its answer.
package struct UnsubscribeRequest: Equatable {
  /// The subscription.
  package var subscription: String

  /// Ends a subscription.
  package init(subscription: String = "main") { self.subscription = subscription }
}

extension UnsubscribeRequest: WireObject {
  package func write(to writer: inout JSONWriter) { writer.member("sub", subscription) }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    subscription = try fields.string("sub") ?? "main"
  }
}
