internal import CSerialPort
internal import Glibc
internal import Readings

/// A serial port through libserialport, whose gaps in version 0.1.1 are filled here: it does not follow symbolic links,
/// lock the port or close it on exec, and its reads do not tell that a port is gone: they return 0 after the whole
/// timeout and spin meanwhile, and only `sp_input_waiting` fails (measured with a line that hung up).
struct SerialPortLine: DeviceLine {
  let name: String
  let descriptor: Int32
  private let port: OpaquePointer
  private let claim: NodeClaim

  init(node: String, settings: SerialLine) throws(OpenFailure) {
    let claim = try NodeClaim(node)
    do throws(OpenFailure) {
      let port = try Self.find(node)
      do throws(OpenFailure) {
        descriptor = try Self.open(port, settings, node: node)
      } catch {
        sp_free_port(port)
        throw error
      }
      self.port = port
    } catch {
      claim.release()
      throw error
    }
    name = node
    self.claim = claim
  }

  /// The port of a node, or of the node that a link such as those under `/dev/serial/by-id` leads to.
  private static func find(_ node: String) throws(OpenFailure) -> OpaquePointer {
    var port: OpaquePointer?
    if sp_get_port_by_name(node, &port) == SP_OK, let port { return port }
    guard let resolved = realpath(node, nil) else { throw OpenFailure(errno: errno, node: node) }
    defer { free(resolved) }
    if sp_get_port_by_name(resolved, &port) == SP_OK, let port { return port }
    throw .unopened("not_a_serial_port", "\(node) is not a serial port: name the instrument's node under /dev.")
  }

  private static func open(
    _ port: OpaquePointer, _ settings: SerialLine, node: String
  ) throws(OpenFailure) -> Int32 {
    guard sp_open(port, SP_MODE_READ_WRITE) == SP_OK else {
      throw OpenFailure(errno: sp_last_error_code(), node: node)
    }
    do throws(OpenFailure) {
      var descriptor: Int32 = -1
      guard sp_get_port_handle(port, &descriptor) == SP_OK else {
        throw OpenFailure(errno: sp_last_error_code(), node: node)
      }
      refuseOtherOpens(descriptor)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      try configure(port, settings, node: node)
      sp_flush(port, SP_BUF_INPUT)
      return descriptor
    } catch {
      sp_close(port)
      throw error
    }
  }

  /// Sets everything at once: parity and word size that are set while the speed changes are lost on some ports.
  private static func configure(
    _ port: OpaquePointer, _ settings: SerialLine, node: String
  ) throws(OpenFailure) {
    let impossible = OpenFailure.unopened(
      "line_settings", "\(node) cannot be set to \(describe(settings)): correct the device's serial settings.")
    var made: OpaquePointer?
    guard sp_new_config(&made) == SP_OK, let config = made else { throw impossible }
    defer { sp_free_config(config) }
    let parity =
      switch settings.parity {
      case .none: SP_PARITY_NONE
      case .odd: SP_PARITY_ODD
      case .even: SP_PARITY_EVEN
      }
    guard let baud = Int32(exactly: settings.baud), let bits = Int32(exactly: settings.dataBits),
      let stopBits = Int32(exactly: settings.stopBits),
      sp_set_config_baudrate(config, baud) == SP_OK,
      sp_set_config_bits(config, bits) == SP_OK,
      sp_set_config_parity(config, parity) == SP_OK,
      sp_set_config_stopbits(config, stopBits) == SP_OK,
      sp_set_config_cts(config, SP_CTS_IGNORE) == SP_OK,
      sp_set_config_dsr(config, SP_DSR_IGNORE) == SP_OK,
      sp_set_config_xon_xoff(config, SP_XONXOFF_DISABLED) == SP_OK,
      sp_set_config_dtr(config, settings.dtr ? SP_DTR_ON : SP_DTR_OFF) == SP_OK,
      sp_set_config_rts(config, settings.rts ? SP_RTS_ON : SP_RTS_OFF) == SP_OK,
      sp_set_config(port, config) == SP_OK
    else { throw impossible }
  }

  var lossCode: String { "usb_detached" }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> LineRead {
    let count = sp_nonblocking_read(port, buffer.baseAddress, buffer.count).rawValue
    if count > 0 { return .bytes(Int(count)) }
    // No bytes and an unplugged port look the same to a read; only the second has no input queue.
    return count == 0 && sp_input_waiting(port).rawValue >= 0 ? .nothing : .hungUp
  }

  func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let count = sp_nonblocking_write(port, bytes.baseAddress, bytes.count).rawValue
    return count >= 0 ? Int(count) : nil
  }

  var holdsSentBytes: Bool { sp_output_waiting(port).rawValue > 0 }

  func close() {
    // Else the kernel waits up to 30 s for an instrument that does not take its bytes.
    sp_flush(port, SP_BUF_OUTPUT)
    sp_close(port)
    sp_free_port(port)
    claim.release()
  }
}
