/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of an entity, field by field and group by group. It shows what a
 * detector has said, and looks nothing up. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-action.h"

G_BEGIN_DECLS

void ac_entity_facts_append (GtkBox *box, AcEntity *entity);
void ac_entity_facts_show (GtkBox *box, AcAction *action);

G_END_DECLS
