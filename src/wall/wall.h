/* The wall's door: messages between processes, sandboxes, a role's loop. */
#ifndef HINOBAN_WALL_H
#define HINOBAN_WALL_H

#include "wall/loop.h"
#include "wall/msg.h"
#include "wall/post.h"
#include "wall/role.h"
#include "wall/seal.h"
#include "wall/spawn.h"

#endif
