/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts what an address does wrong, and says when it is too much. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AcThrottle AcThrottle;

AcThrottle *ac_throttle_new (guint burst, gint64 interval);
gboolean ac_throttle_add (AcThrottle *throttle, const char *address, gint64 now);
void ac_throttle_free (AcThrottle *throttle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcThrottle, ac_throttle_free)

G_END_DECLS
