/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says for a while what a toast says, in a line of its own: where the window is narrow a toast
 * would lie over the buttons that one needs next.
 *
 * Signal: closed (): by the person or because its time is over. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_NOTICE_LINE (ac_notice_line_get_type ())
G_DECLARE_FINAL_TYPE (AcNoticeLine, ac_notice_line, AC, NOTICE_LINE, GtkWidget)

void ac_notice_line_show (AcNoticeLine *self,
                          const char *text,
                          const char *button_label,
                          const char *action_name,
                          guint seconds);
void ac_notice_line_hide (AcNoticeLine *self);

G_END_DECLS
