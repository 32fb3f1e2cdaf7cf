#ifndef TEST_PROCESS_H
#define TEST_PROCESS_H

/* What Swift's Glibc module does not show and tests need to start programs. */

/* A pipe whose ends no child inherits by chance. 0, or an errno. */
int test_pipe(int ends[2]);

/* Starts a program in a process group of its own, with these three descriptors as its standard streams and nothing else
   of ours: other tests of this process have sockets open whose closing must be seen. 0, or an errno. */
int test_spawn(
    const char *path, char *const argv[], char *const envp[], int input, int output, int errors, int *process);

/* Waits for the end of a process and leaves it to be reaped, so that its number cannot be given away meanwhile. */
void test_wait_for_end(int process);

/* A descriptor that can be read once the process, which need not be a child of ours, has ended; or -1. */
int test_open_process(int process);

#endif
