/// Microseconds. A time stands on the station's boot-time clock, which does not jump and goes on while the machine
/// sleeps: only differences have a meaning.
public typealias Microseconds = Int64
