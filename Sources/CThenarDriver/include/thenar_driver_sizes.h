/* The sizes of the structures of the first driver contract: the least that a module may hand over. contract.c proves
   that they still end where they ended, so that fields were added behind them and nowhere else. */
#ifndef THENAR_DRIVER_SIZES_H
#define THENAR_DRIVER_SIZES_H

#define THENAR_CHANNEL_FIRST_SIZE       112
#define THENAR_SAMPLES_FIRST_SIZE       72
#define THENAR_EVENT_FIRST_SIZE         80
#define THENAR_IDENTITY_FIRST_SIZE      80
#define THENAR_HOST_FIRST_SIZE          104
#define THENAR_SETUP_FIRST_SIZE         56
#define THENAR_SERIAL_LINE_FIRST_SIZE   28
#define THENAR_EMULATOR_HOST_FIRST_SIZE 40
#define THENAR_EMULATOR_FIRST_SIZE      56
#define THENAR_DRIVER_FIRST_SIZE        120

#endif
