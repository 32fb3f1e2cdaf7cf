/// What a sensor's unit word means: a quantity, and how to reach the unit in which the stream gives it.
package struct SensorUnit: Equatable, Sendable {
  /// `force`, `acceleration` or `angular-velocity`.
  package let quantity: String
  /// UCUM code of the stream's unit.
  package let unit: String
  /// UCUM code of the instrument's own unit where it is another one.
  package let rawUnit: String?
  /// The stream's value is the instrument's times this.
  package let factor: Double

  private init(_ quantity: String, _ unit: String, raw: String? = nil, factor: Double = 1) {
    self.quantity = quantity
    self.unit = unit
    rawUnit = raw
    self.factor = factor
  }

  /// The meaning of a unit word; `nil` for a word that is no unit of force, acceleration or angular velocity.
  /// UCUM has no ounce-force, so it is written as a sixteenth of a pound-force.
  package init?(word: String) {
    switch word {
    case "N": self.init("force", "N")
    case "kN": self.init("force", "N", raw: "kN", factor: 1000)
    case "mN": self.init("force", "N", raw: "mN", factor: 0.001)
    case "kg", "kgf": self.init("force", "N", raw: "kgf", factor: 9.80665)
    case "g", "gf": self.init("force", "N", raw: "gf", factor: 0.00980665)
    case "lb", "lbs", "lbf": self.init("force", "N", raw: "[lbf_av]", factor: 4.4482216152605)
    case "oz", "ozf": self.init("force", "N", raw: "[lbf_av]/16", factor: 0.27801385095378)
    case "m/s²", "m/s^2", "m/s2", "m/s/s": self.init("acceleration", "m/s2")
    case "rad/s": self.init("angular-velocity", "rad/s")
    default: return nil
    }
  }
}
