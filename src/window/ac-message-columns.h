/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the messages that the Explorer has found. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-found-message.h"

G_BEGIN_DECLS

void ac_message_columns_add (GtkColumnView *view);
char *ac_message_columns_describe (AcFoundMessage *message);

G_END_DECLS
