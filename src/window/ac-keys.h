/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key of the window, once: from here come the accelerators, the keys of the list, and the
 * window that explains them. What GTK or the desktop binds by itself stands here with its meaning.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  AC_KEY_OF_GTK,    /* bound elsewhere; it is only told of */
  AC_KEY_OF_WINDOW, /* an accelerator, wherever the focus is */
  AC_KEY_OF_LIST,   /* while the list has the focus */
  AC_KEY_LETTER,    /* the same, and only as long as single letters are wanted */
} AcKeyScope;

typedef struct
{
  const char *group;  /* translated by who shows it, context “shortcuts” */
  const char *accels; /* one or more, with blanks between them, as gtk_accelerator_parse() has it */
  const char *title;  /* likewise */
  AcKeyScope scope;
  const char *action; /* detailed; nullable for AC_KEY_OF_GTK */
} AcKey;

const AcKey *ac_keys_get (gsize index);
void ac_keys_add_accelerators (GtkApplication *application);
void ac_keys_add_list_bindings (GtkWidgetClass *widget_class, GtkShortcutFunc callback);

G_END_DECLS
