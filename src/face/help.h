/*
 * help: the texts of --help, made from the tables of commands and options.
 */
#ifndef HINOBAN_FACE_HELP_H
#define HINOBAN_FACE_HELP_H

#include "face/face.h"

void help_all(void);
void help_command(const struct command *cmd);

extern const struct command help_cmd, version_cmd, completion_cmd;

#endif
