import Wire

// The hub has types of the same names as long as it has writers of its own.
typealias DeviceState = Wire.DeviceState
typealias RecordKind = Wire.RecordKind
typealias RequestError = Wire.RequestError
typealias Subscription = Wire.Subscription
typealias WireSchema = Wire.WireSchema
