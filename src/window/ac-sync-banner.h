/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says at the top of a page how the actions get here, as long as there is something to say: since when
 * the service is away and why, how far the first reading of everything is, that the copy on this
 * computer had to be made anew, or that there is none. */
#pragma once

#include "window/ac-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_SYNC_BANNER (ac_sync_banner_get_type ())
G_DECLARE_FINAL_TYPE (AcSyncBanner, ac_sync_banner, AC, SYNC_BANNER, GtkWidget)

void ac_sync_banner_set_session (AcSyncBanner *self, AcSession *session);
void ac_sync_banner_set_narrow (AcSyncBanner *self, gboolean narrow);
char *ac_sync_banner_dup_progress (AcActionSource *source);

G_END_DECLS
