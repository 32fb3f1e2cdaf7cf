#ifndef FIRST_CONTRACT_H
#define FIRST_CONTRACT_H

/* The table of a module that was compiled with the header of the first contract: a const thenar_driver * of that time. */
const void *thenar_driver_first_contract(void);

#endif
