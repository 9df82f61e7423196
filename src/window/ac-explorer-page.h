/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Explorer: asks for messages in all mailboxes, shows what was found as it is found, and offers
 * to take action on it or to report it. */
#pragma once

#include "model/ac-mail-query.h"
#include "window/ac-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_EXPLORER_PAGE (ac_explorer_page_get_type ())
G_DECLARE_FINAL_TYPE (AcExplorerPage, ac_explorer_page, AC, EXPLORER_PAGE, GtkWidget)

void ac_explorer_page_set_session (AcExplorerPage *self, AcSession *session);
void ac_explorer_page_search (AcExplorerPage *self, const AcMailQuery *query);

G_END_DECLS
