package import CThenarDriver
package import Readings

extension thenar_serial_line {
  /// A line as C has it.
  package init(_ line: SerialLine) {
    self.init(
      struct_size: UInt32(MemoryLayout<thenar_serial_line>.size), baud: line.baud, data_bits: line.dataBits,
      parity: line.parity.rawValue, stop_bits: line.stopBits, dtr: line.dtr ? 1 : 0, rts: line.rts ? 1 : 0)
  }
}

extension SerialLine {
  /// A checked copy of what a driver handed over.
  package init(checking line: thenar_serial_line) throws(ContractBreach) {
    self.init(
      baud: line.baud, dataBits: line.data_bits, stopBits: line.stop_bits, dtr: line.dtr == 1, rts: line.rts == 1)
    guard let parity = Parity(rawValue: line.parity), line.dtr <= 1, line.rts <= 1, isPossible else {
      throw ContractBreach("a setting of the line is out of range")
    }
    self.parity = parity
  }
}
