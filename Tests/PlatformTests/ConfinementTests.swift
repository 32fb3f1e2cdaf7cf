import CPlatform
import Testing

@testable import Platform

@Suite struct ConfinementTests {
  /// A station is never less guarded without a word.
  @Test func whatIsNotKeptFromDriversIsSaid() {
    let nothing = Int32(0)
    let (files, calls) = (Int32(THENAR_LACKS_LANDLOCK), Int32(THENAR_LACKS_SECCOMP))
    #expect(Confinement.sentences(lacks: nothing, isOnMockedBus: false) == [])
    let noFiles = Confinement.sentences(lacks: files, isOnMockedBus: false)
    #expect(noFiles.count == 1 && noFiles[0].contains("Landlock"))
    let noCalls = Confinement.sentences(lacks: calls, isOnMockedBus: false)
    #expect(noCalls.count == 1 && noCalls[0].contains("seccomp"))
    #expect(Confinement.sentences(lacks: files | calls, isOnMockedBus: true).count == 3)
  }
}
