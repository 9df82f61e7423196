/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between GTK 4.8 and later, each with the version that it goes away with. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called with the path of the chosen file; not called when none was chosen. */
typedef void (*AcFileChosen) (const char *path, gpointer user_data);

void ac_compat_do_without_gl (void);
void ac_compat_let_popups_go (void);
void ac_compat_choose_file (GtkWindow *parent,
                            const char *title,
                            AcFileChosen chosen,
                            gpointer user_data,
                            GDestroyNotify destroy);
void ac_compat_choose_folder (GtkWindow *parent,
                              const char *title,
                              const char *folder,
                              AcFileChosen chosen,
                              gpointer user_data,
                              GDestroyNotify destroy);
void ac_compat_column_view_scroll_to (GtkColumnView *view, guint position);
void ac_compat_align_inscription (GtkInscription *inscription);
void ac_compat_get_color (GtkWidget *widget, GdkRGBA *color);
void ac_compat_show_about (GtkWindow *parent);
void ac_compat_announce (GtkWidget *widget, const char *message);

G_END_DECLS
