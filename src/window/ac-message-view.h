/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message that an action is about, as text, once somebody asks for it: each look stands
 * in the audit log of the service. */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_MESSAGE_VIEW (ac_message_view_get_type ())
G_DECLARE_FINAL_TYPE (AcMessageView, ac_message_view, AC, MESSAGE_VIEW, GtkWidget)

void ac_message_view_set_action (AcMessageView *self, AcAction *action);
void ac_message_view_set_api (AcMessageView *self, AcApi *api);
gboolean ac_message_view_can_read (AcMessageView *self);
void ac_message_view_read (AcMessageView *self);

G_END_DECLS
