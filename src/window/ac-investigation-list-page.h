/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of investigations, the newest first. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_LIST_PAGE (ac_investigation_list_page_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationListPage,
                      ac_investigation_list_page,
                      AC,
                      INVESTIGATION_LIST_PAGE,
                      GtkWidget)

void ac_investigation_list_page_set_session (AcInvestigationListPage *self, AcSession *session);
void ac_investigation_list_page_refresh (AcInvestigationListPage *self);

G_END_DECLS
