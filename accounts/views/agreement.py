from django.shortcuts import render

from eios.lib.access import at_gate


@at_gate
def agreement(request):
    return render(request, "accounts/agreement.html")
