import Glibc
import Loop
import Testing

@Suite struct SendFailureTests {
  @Test(arguments: [EAGAIN, EINTR, ENOBUFS, ENOMEM]) func aSocketThatTakesNothingForNowIsWrittenToAgain(_ error: Int32)
  {
    #expect(SendFailure(error).passes)
  }

  @Test(arguments: [EPIPE, ECONNRESET, ENOTCONN, EBADF]) func aConnectionThatIsOverIsNot(_ error: Int32) {
    #expect(!SendFailure(error).passes)
  }
}
