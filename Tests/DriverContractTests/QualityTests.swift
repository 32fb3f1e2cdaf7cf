import CThenarDriver
import DriverKit
import Testing

@Suite struct QualityTests {
  @Test func theHeaderAndTheModelKnowTheSameWords() {
    #expect(Quality.all.rawValue == UInt32(THENAR_QUALITY_ALL))
    #expect(Quality.words.count == Quality.all.rawValue.nonzeroBitCount)
    #expect(Quality(words: Quality.words) == .all)
    #expect(Quality.inMotion.rawValue == UInt32(THENAR_QUALITY_IN_MOTION))
    #expect(Quality.inferred.rawValue == UInt32(THENAR_QUALITY_INFERRED))
  }
}
