/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done about the entity of an action besides deciding: look for it in the Explorer, and
 * report it. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-action.h"

G_BEGIN_DECLS

#define AC_TYPE_ENTITY_ACTIONS (ac_entity_actions_get_type ())
G_DECLARE_FINAL_TYPE (AcEntityActions, ac_entity_actions, AC, ENTITY_ACTIONS, GtkWidget)

void ac_entity_actions_set_action (AcEntityActions *self, AcAction *action);
void ac_entity_actions_set_readable (AcEntityActions *self, gboolean readable);

G_END_DECLS
