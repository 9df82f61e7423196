/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-keys.h"

#define LIST NC_ ("shortcuts", "In the list")
#define ITEM NC_ ("shortcuts", "From one action to the next")
#define PAGE NC_ ("shortcuts", "Action center")
#define WINDOW NC_ ("shortcuts", "Window")

/* Those of a group follow one on the other. */
static const AcKey keys[] = {
  { LIST, "j", NC_ ("shortcuts", "Next action"), AC_KEY_LETTER, "action-view.step(1)" },
  { LIST, "k", NC_ ("shortcuts", "Previous action"), AC_KEY_LETTER, "action-view.step(-1)" },
  { LIST, "Return", NC_ ("shortcuts", "Go to the details"), AC_KEY_OF_GTK, NULL },
  { LIST, "<Shift>Return", NC_ ("shortcuts", "Open in a window of its own"), AC_KEY_OF_LIST,
    "page.open-window" },
  { LIST, "a", NC_ ("shortcuts", "Approve: go to the button, Enter confirms"), AC_KEY_LETTER,
    "page.focus-decision::approve" },
  { LIST, "r", NC_ ("shortcuts", "Reject: go to the button, Enter confirms"), AC_KEY_LETTER,
    "page.focus-decision::reject" },
  { LIST, "u", NC_ ("shortcuts", "Undo: go to the button, Enter confirms"), AC_KEY_LETTER,
    "page.focus-decision::undo" },
  { LIST, "c", NC_ ("shortcuts", "Write a comment for the decision"), AC_KEY_LETTER,
    "page.focus-decision::comment" },
  { LIST, "x", NC_ ("shortcuts", "Add to or take from the selection"), AC_KEY_LETTER,
    "action-view.toggle" },
  { LIST, "<Control>space", NC_ ("shortcuts", "The same, without single letters"), AC_KEY_OF_GTK,
    NULL },
  { LIST, "n", NC_ ("shortcuts", "Next selected action"), AC_KEY_LETTER,
    "action-view.step-selected(1)" },
  { LIST, "p", NC_ ("shortcuts", "Previous selected action"), AC_KEY_LETTER,
    "action-view.step-selected(-1)" },
  { LIST, "<Shift>Down <Shift>Up", NC_ ("shortcuts", "Extend the selection"), AC_KEY_OF_GTK, NULL },
  { LIST, "<Control>a", NC_ ("shortcuts", "Select all"), AC_KEY_OF_GTK, NULL },
  { LIST, "<Control><Shift>a", NC_ ("shortcuts", "Clear the selection"), AC_KEY_OF_GTK, NULL },
  { LIST, "<Control>i", NC_ ("shortcuts", "Invert the selection"), AC_KEY_OF_LIST,
    "action-view.invert" },
  { LIST, "<Control>c", NC_ ("shortcuts", "Copy as a table"), AC_KEY_OF_LIST, "page.copy::table" },
  { LIST, "slash", NC_ ("shortcuts", "Search"), AC_KEY_OF_GTK, NULL },

  { ITEM, "F8", NC_ ("shortcuts", "Next action, wherever the focus is"), AC_KEY_OF_WINDOW,
    "win.step(1)" },
  { ITEM, "F7", NC_ ("shortcuts", "Previous action, wherever the focus is"), AC_KEY_OF_WINDOW,
    "win.step(-1)" },
  { ITEM, "<Control>Down <Control>Up", NC_ ("shortcuts", "The same, in the details"), AC_KEY_OF_GTK,
    NULL },
  { ITEM, "<Alt>Left", NC_ ("shortcuts", "Back to what was shown before"), AC_KEY_OF_WINDOW,
    "win.back" },
  { ITEM, "<Alt>Right", NC_ ("shortcuts", "Forward again"), AC_KEY_OF_WINDOW, "win.forward" },
  { ITEM, "Escape", NC_ ("shortcuts", "Close the details"), AC_KEY_OF_GTK, NULL },

  { PAGE, "<Control>1", NC_ ("shortcuts", "Pending"), AC_KEY_OF_WINDOW, "win.tab::pending" },
  { PAGE, "<Control>2", NC_ ("shortcuts", "History"), AC_KEY_OF_WINDOW, "win.tab::history" },
  { PAGE, "<Control>3", NC_ ("shortcuts", "In progress"), AC_KEY_OF_WINDOW, "win.tab::progress" },
  { PAGE, "<Control>f", NC_ ("shortcuts", "Search"), AC_KEY_OF_WINDOW, "win.find" },
  { PAGE, "F5 <Control>r", NC_ ("shortcuts", "Refresh"), AC_KEY_OF_WINDOW, "win.refresh" },
  { PAGE, "<Control>z", NC_ ("shortcuts", "Undo my last decision"), AC_KEY_OF_GTK, NULL },

  { WINDOW, "F6", NC_ ("shortcuts", "Next pane"), AC_KEY_OF_WINDOW, "win.pane(1)" },
  { WINDOW, "<Shift>F6", NC_ ("shortcuts", "Previous pane"), AC_KEY_OF_WINDOW, "win.pane(-1)" },
  { WINDOW, "F9", NC_ ("shortcuts", "Navigation pane"), AC_KEY_OF_WINDOW, "win.navigation" },
  { WINDOW, "<Control>comma", NC_ ("shortcuts", "Settings"), AC_KEY_OF_WINDOW, "win.settings" },
  { WINDOW, "F10", NC_ ("shortcuts", "Main menu"), AC_KEY_OF_GTK, NULL },
  { WINDOW, "F1", NC_ ("shortcuts", "Help"), AC_KEY_OF_WINDOW, "app.help" },
  { WINDOW, "<Control>question", NC_ ("shortcuts", "Keyboard shortcuts"), AC_KEY_OF_WINDOW,
    "win.shortcuts" },
  { WINDOW, "<Control>w", NC_ ("shortcuts", "Close the window"), AC_KEY_OF_WINDOW, "window.close" },
  { WINDOW, "<Control>q", NC_ ("shortcuts", "Quit"), AC_KEY_OF_WINDOW, "app.quit" },
};

/**
 * ac_keys_get:
 * @index: from 0
 *
 * Returns: (nullable): a key; %NULL behind the last one.
 */
const AcKey *
ac_keys_get (gsize index)
{
  return index < G_N_ELEMENTS (keys) ? &keys[index] : NULL;
}

/**
 * ac_keys_add_accelerators:
 *
 * Binds the keys that hold wherever the focus is.
 */
void
ac_keys_add_accelerators (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_auto (GStrv) accels = g_strsplit (keys[i].accels, " ", -1);

      if (keys[i].scope == AC_KEY_OF_WINDOW)
        gtk_application_set_accels_for_action (application, keys[i].action,
                                               (const char *const *)accels);
    }
}

/**
 * ac_keys_add_list_bindings:
 * @callback: is called with a variant (sb): the detailed action, and whether a letter alone asks
 * for it
 *
 * Binds the keys that hold while a list of actions has the focus.
 */
void
ac_keys_add_list_bindings (GtkWidgetClass *widget_class, GtkShortcutFunc callback)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GdkModifierType modifiers;
      guint keyval;

      if ((keys[i].scope != AC_KEY_OF_LIST && keys[i].scope != AC_KEY_LETTER) ||
          !gtk_accelerator_parse (keys[i].accels, &keyval, &modifiers))
        continue;
      gtk_widget_class_add_binding (widget_class, keyval, modifiers, callback, "(sb)",
                                    keys[i].action, keys[i].scope == AC_KEY_LETTER);
    }
}
