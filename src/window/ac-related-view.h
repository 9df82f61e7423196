/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions that have to do with the one shown, as links: of the same investigation, about the
 * same entity, in the same mailbox or on the same device. It hides itself when there are none. */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_RELATED_VIEW (ac_related_view_get_type ())
G_DECLARE_FINAL_TYPE (AcRelatedView, ac_related_view, AC, RELATED_VIEW, GtkWidget)

void ac_related_view_set_action (AcRelatedView *self, AcApi *api, AcAction *action);

G_END_DECLS
