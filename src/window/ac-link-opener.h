/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds out what a link leads to, and says which page is to show it. It waits for the connection
 * where there is none yet. It only ever opens something: no link decides.
 *
 * Signals: open-view (pointer: a const AcSavedView *), open-action (AcAction), open-investigation
 * (id), failed (a sentence). */
#pragma once

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_LINK_OPENER (ac_link_opener_get_type ())
G_DECLARE_FINAL_TYPE (AcLinkOpener, ac_link_opener, AC, LINK_OPENER, GObject)

AcLinkOpener *ac_link_opener_new (AcSession *session);
void ac_link_opener_open (AcLinkOpener *self, const char *uri);

G_END_DECLS
