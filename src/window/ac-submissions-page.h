/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reports of wrong judgements, newest first. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_SUBMISSIONS_PAGE (ac_submissions_page_get_type ())
G_DECLARE_FINAL_TYPE (AcSubmissionsPage, ac_submissions_page, AC, SUBMISSIONS_PAGE, GtkWidget)

void ac_submissions_page_set_session (AcSubmissionsPage *self, AcSession *session);
void ac_submissions_page_refresh (AcSubmissionsPage *self);

G_END_DECLS
