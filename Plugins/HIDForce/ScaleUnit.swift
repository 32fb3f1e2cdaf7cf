/// Units of a HID scale by their usage on page 0x8D: PROTOCOL.md 2.1.
///
/// A scale shows the mass that would weigh what presses on it; the force is that mass times standard gravity.
enum ScaleUnit: UInt16, CaseIterable {
  case milligram = 0x51
  case gram, kilogram, carat, tael, grain, pennyweight, metricTon, avoirdupoisTon, troyOunce, ounce, pound

  /// Newtons per unit; `nil` where the name stands for different masses in different countries.
  var newtons: Double? {
    let grain = newtonsPerPound / 7000
    return switch self {
    case .milligram: standardGravity * 1e-6
    case .gram: standardGravity * 1e-3
    case .kilogram: standardGravity
    case .carat: standardGravity * 0.2e-3
    case .grain: grain
    case .pennyweight: grain * 24
    case .metricTon: standardGravity * 1e3
    case .troyOunce: grain * 480
    case .ounce: newtonsPerPound / 16
    case .pound: newtonsPerPound
    case .tael, .avoirdupoisTon: nil
    }
  }

  /// UCUM code of the unit as a force. UCUM has no ounce-force, nor force codes for the rarer units, so those are a mass
  /// times `[g]`, standard gravity; what has no one mass is an annotation.
  var ucum: String {
    switch self {
    case .milligram: "mgf"
    case .gram: "gf"
    case .kilogram: "kgf"
    case .carat: "[car_m].[g]"
    case .tael: "{tael}"
    case .grain: "[gr].[g]"
    case .pennyweight: "[pwt_tr].[g]"
    case .metricTon: "t.[g]"
    case .avoirdupoisTon: "{ton}"
    case .troyOunce: "[oz_tr].[g]"
    case .ounce: "[oz_av].[g]"
    case .pound: "[lbf_av]"
    }
  }
}
